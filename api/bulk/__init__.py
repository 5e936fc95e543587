"""Batches: files of many cases in, files of outcomes out.

    file --parts--> parts --work--> outcomes --results--> file

``work`` does one part in a worker process (``records`` reads JSON rows, ``columns`` reads CSV and Parquet);
``run`` keeps account of the parts, resumes and joins them.
"""

"""Batch runs: files of many cases in, files of outcomes out.

``parts`` cuts the input, ``work`` does one part in a worker process (``records`` reads JSON rows, ``flat``
and ``columns`` read CSV and Parquet, ``results`` writes), ``run`` keeps the books, resumes and joins.
"""

"""Bulk: many cases at once, column by column, with the very statuses that single cases get.

The pipeline, drawn once::

    cases --encode--> table --prepare, spread--> planes of facts --atoms--> planes of atoms
    planes of atoms --kernel--> planes of criteria --weigh--> outcomes and statuses

A plane packs 64 cases to a machine word; its first half holds the strict values, its second half the
values on the record, so that both come out of one pass.
"""

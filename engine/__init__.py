"""Dedere's engine: how a reading of the law is applied to the facts of one case.

The pipeline, drawn once::

    case file --facts--> findings --reading--> values --entailment--> columns
    rules, instruments --content--> pack --inference--> program
    columns + program --inference--> statuses --proofs, verdict--> answer

The engine knows no treaty, no State and no clock: it is given packs, facts and dates.
"""

ENGINE_VERSION = "0.1.0"

"""The register's Parties from the lists in ``instruments/sources``.

The lists (CSV) say what a depositary, gazette or other source says of each State. From them, and
from each treaty's own rule of entry into force, ``parties.yaml`` of every instrument is written:

    python3 scripts/register --check    # what would change, and where lists differ
    python3 scripts/register --write    # writes it, and the report of where lists differ

An entry marked ``corrected`` was written by hand: it is kept, and the lists that say otherwise are
reported. An entry that differs from the lists without that mark is never overwritten silently.
"""

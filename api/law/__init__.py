"""The law content as the program holds it.

    packs on disk --content, cache--> checked pack --packs, shelf--> pack of one digest in memory

``catalogue`` and ``library`` answer what the content says; ``coverage``, ``casebook``, ``conformity`` and
``decided`` hold it against decided cases; ``legal_history`` reads what changed and when.
"""

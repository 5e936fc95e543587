"""Every door into the engine: command line, HTTP interface, pages, documents, and the storage behind them.

``README.md`` has a map of the rooms. Each room imports only rooms below it; a contract in pyproject.toml holds that.
"""

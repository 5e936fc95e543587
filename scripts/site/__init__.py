"""The documentation site, built from the content itself.

    pack, decided cases --instruments, facts, criteria, indexes, cases--> Markdown pages
    docs/, README, ...  --texts--> Markdown pages
    pages --hook--> mkdocs --> site/ --scripts/check_links.py--> every link resolves

Every page has a stable address (addresses.py) and says what is unverified wherever it stands.
"""

"""The pages: HTML made on the server, forms that work without a script, nothing asked of other servers.

``visit.py`` knows who is looking; ``view.py`` renders; ``forms.py`` takes what is sent back; each
module of ``rooms/`` is one room of the house. Nothing of a case is in an address or a page title, and
nothing is kept in the browser but the session cookie and the language.
"""

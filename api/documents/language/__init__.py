"""The three languages of pages and memos: interface messages, law content, dates, numbers, names of States.

``speech_in("uk")`` gives the ``Speech`` of a language. English is the source; what is not translated
stays English and says so. Catalogues are gettext PO files, kept up to date by ``scripts/messages``.
"""

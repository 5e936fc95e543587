"""One case before it is assessed: its file, the answers typed into it, the interview, flat rows, names of States.

    case file, form, row --replies, changes, csvrows, flatrows--> case --session--> next question

``document.py`` and ``casefile.py`` keep the file with its comments and the way back.
"""

"""The interview: only the questions that still matter, in order, written to the case file as they are answered.

``session.py`` is the interview itself, without a terminal; ``casefile.py`` keeps the file, its comments
and the way back; ``replies.py`` reads what is typed; ``talk.py`` is the conversation.
"""

"""The training room: a case as a trace that a class walks through, step by step.

    assessment --making--> lesson --sessions--> class --votes, exercise--> marks

``rewind`` finds where two lessons part. All of it ends with the session.
"""

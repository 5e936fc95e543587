"""Papers to be filed: the brief and the filings, composed from a case, a plan and the wording in ``filings/``.

They are trees like the memo, so its renderers write them. The wording, and what each body asks of a paper, is content
that a lawyer edits; no sentence for a body stands in code. What is not known is a gap that is marked, never a guess.
"""

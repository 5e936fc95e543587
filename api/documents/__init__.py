"""An answer as a document for people.

    answer --text--> verdict on a terminal or as Markdown
    answer --memo--> DOCX, PDF, Markdown        answer --graph--> SVG, PNG, words

``language`` puts each of them into English, Ukrainian or Russian.
"""

"""The HTTP service: a common floor for the JSON interface (``rest``) and the pages for people (``pages``).

    request --guard, door--> route of rest/ or pages/ --calls--> service
    fault   --problems--> problem details or a page

``app.py`` makes the application, ``body.py`` reads what is sent, ``document.py`` describes it (OpenAPI 3.1).
"""

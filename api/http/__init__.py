"""The HTTP door: stateless, on loopback, with the same errors as the command line as problem details.

``app.py`` makes the application; ``guard.py`` stands before it; ``body.py`` reads what is sent;
``problems.py`` says errors; ``routes.py`` answers; ``document.py`` describes it all (OpenAPI 3.1).
"""

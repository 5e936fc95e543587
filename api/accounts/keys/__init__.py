"""API keys of programs: ``token.py`` makes and reads their text, ``service.py`` issues and checks them."""

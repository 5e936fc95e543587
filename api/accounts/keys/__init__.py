"""API keys of clients: ``token.py`` makes and reads their text, ``service.py`` issues and checks them."""

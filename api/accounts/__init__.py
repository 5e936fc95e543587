"""People of a workspace and API clients: who they are, how they prove it, and the sessions they work in.

    password, passkey, link, identity provider --signin, passkey_signin, links, oidc--> sign-in --sessions--> session

``roles`` says what a role may do and ``persons`` who has one; ``access`` names the caller and ``keys`` issues keys.
Tokens are 256 random bits of which only a hash is stored. Each act is in the audit chain, by ids only.
"""

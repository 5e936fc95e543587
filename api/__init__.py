"""Every door into the engine: command line, HTTP, and later pages, documents and storage."""

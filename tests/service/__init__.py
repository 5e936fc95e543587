"""The service as its users and its enemies meet it: real server processes, killed, starved, flooded and asked."""

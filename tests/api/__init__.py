"""Every door into the engine: commands as subprocesses, HTTP on a real server, papers, interview."""

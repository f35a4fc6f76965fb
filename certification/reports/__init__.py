"""Reports on a certification run: each listens to the runner's events and imports no other."""

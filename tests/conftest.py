"""What every test may ask for: the fixtures come with the package's own pytest plugin."""

"""What a session costs by this library and by what people would use instead, measured on loopback."""

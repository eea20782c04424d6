"""The stand-in for ZITADEL: its session API, its token endpoint, and who may do what."""

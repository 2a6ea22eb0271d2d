"""The server: SPARQL protocol, linked data, an API of questions, downloads."""

"""The world of sockets: WebSocket, in-memory link, TLS, back-off and file transfers."""

"""Windows that ask or tell. All of them are opened, none is executed: the station goes on meanwhile."""

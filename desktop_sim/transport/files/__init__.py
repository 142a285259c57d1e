"""Files to and from a central system's servers: HTTP(S), FTP, FTPS and SFTP, by the URL alone."""

"""A foreign FTP server (pyftpdlib) as a process: folder, optional certificate; prints its port and serves."""

import sys
import warnings

warnings.simplefilter("ignore")

from pyftpdlib.authorizers import DummyAuthorizer  # noqa: E402
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler  # noqa: E402
from pyftpdlib.servers import FTPServer  # noqa: E402


def main(folder: str, certificate: str | None = None) -> None:
    authorizer = DummyAuthorizer()
    authorizer.add_user("user", "p@ss/word", folder, perm="elradfmw")
    authorizer.add_anonymous(folder)
    handler = FTPHandler
    if certificate:
        handler = TLS_FTPHandler
        handler.certfile = certificate
        handler.tls_control_required = True
        handler.tls_data_required = True
    handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", 0), handler)
    print(server.socket.getsockname()[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

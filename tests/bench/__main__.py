"""`python -m tests.bench [NAME …]`: one table of all benches, or of those named; each figure beside its floor."""

import sys

from tests.bench.table import BENCHES, rows_of, table

if __name__ == "__main__":
    print(table([row for name in sys.argv[1:] or BENCHES for row in rows_of(name)]))

"""`python -m regulars`: the operator's command line, also installed as `regulars`."""

import sys

from regulars.commands.main import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m webapp.cli`: the command line without an installed script."""

import sys

from webapp.cli import main

sys.exit(main())

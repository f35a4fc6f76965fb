"""``python -m mockiis`` is ``mockiis``."""

from mockiis.cli import main

if __name__ == "__main__":
    main()

"""The command line as a module: `python -m contrapost`."""

from contrapost.cli import main

if __name__ == "__main__":
    main()

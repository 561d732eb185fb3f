"""python -m mailintake."""

from mailintake.cli import main

if __name__ == "__main__":
    main()

"""The `dealhouse` command as a module, for a process group of its own."""

from orchestration.cli import main

if __name__ == "__main__":
    main()

"""`python -m demo [--url URL] [--data DIR]`: exit code 0 if every step of the journey went well, else 1."""

import argparse
import os
import sys
from pathlib import Path

from demo.house import PROJECT, some_house
from demo.journey import Journey
from demo.phone import Failed, Phone
from demo.show import Teller


def main(arguments: list[str]) -> int:
    """Make the journey and tell it; the last line says whether it went well."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="The journey of issue 2, as a phone makes it.")
    parser.add_argument("--url", default="", help="a server to visit (default: the one that `make run` started)")
    parser.add_argument("--data", type=Path, default=_data_folder(), help="data folder of the running server")
    options = parser.parse_args(arguments)
    teller = Teller()
    try:
        with some_house(options.url, options.data.absolute()) as (url, whose):
            teller.say(f"TimeTravelers at {url}, {whose}")
            _travel(url, teller)
    except Failed as problem:
        teller.failure(str(problem))
        return 1
    except KeyboardInterrupt:
        teller.failure("interrupted")
        return 130
    return 0


def _travel(url: str, teller: Teller) -> None:
    phone = Phone(url)
    try:
        Journey(phone, teller).make()
    finally:
        phone.close()
    teller.ending()


def _data_folder() -> Path:
    return Path(os.environ.get("DATA_DIR") or PROJECT / ".data")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

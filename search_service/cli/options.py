"""Options that several commands share, and the settings that they end in."""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import click

from search_service.config import Settings

__all__ = ["TextCommand", "index_dir_option", "json_option", "settings_with"]

index_dir_option = click.option(
    "--index-dir",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that holds the index.  [env: SEARCH_INDEX_DIR; default: index]",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


_LONG_OPTION = re.compile(r"--[A-Za-z][A-Za-z-]*")


class TextCommand(click.Command):
    """A command whose arguments may begin with a dash, as an excluded word does.

    Click can pass on what it does not know, but then ``--sise`` would be
    searched for. So long options in Latin letters have to be known; everything
    else, ``-word`` too, is text. Hence no short options here.
    """

    ignore_unknown_options = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown long options before ``--``, and leave the rest to click."""
        known = [
            name for p in self.get_params(ctx) if isinstance(p, click.Option) for name in p.opts
        ]
        for argument in takewhile(lambda a: a != "--", args):
            name = argument.partition("=")[0]
            if _LONG_OPTION.fullmatch(name) and name not in known:
                near = difflib.get_close_matches(name, known)
                raise click.NoSuchOption(name, possibilities=near, ctx=ctx)
        return super().parse_args(ctx, args)


def settings_with(**given: Any) -> Settings:
    """Return the environment's settings with the options that were given in their place.

    An option that was not given is ``None``.
    """
    chosen = {name: option for name, option in given.items() if option is not None}
    return dataclasses.replace(Settings.from_env(os.environ), **chosen)

"""PURE. The model in the language of other programs: lavaan (R), also read by semopy, and seminr.

Only plain models are written: higher-order constructs and interactions differ too much between
programs to be promised the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.model.stages import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.model.settings import Settings
    from analysis.model.specify import Construct, Model

WEIGHTING = {"path": "path_weighting", "factorial": "path_factorial"}


def lavaan_syntax(model: Model) -> str:
    """Return the model in lavaan's syntax; empty for a model of several stages.

    Constructs of mode A are factors (=~), those of mode B composites (<~, from lavaan 0.6-20 on
    fully supported, unknown to semopy). A single item measures its construct without error.
    """
    if not is_plain(model):
        return ""
    names = r_names([*model.names, *model.indicators])
    lines = ["# measurement"]
    for construct in model.constructs:
        lines += _measured(construct, names)
    lines.append("# structure")
    for target in model.names:
        sources = [names[path.source] for path in model.paths if path.target == target]
        if sources:
            lines.append(f"{names[target]} ~ {' + '.join(sources)}")
    return "\n".join([*lines, *_renamed(names), ""])


def seminr_syntax(model: Model, settings: Settings, *, resamples: int = 0, seed: int = 1) -> str:
    """Return an R script that fits the model with seminr; empty for a model of several stages.

    What seminr cannot do (centroid scheme, raw metric, weights, imputation, polychoric
    correlations) is named in a comment, as its result then differs.
    """
    if not is_plain(model):
        return ""
    names = r_names([*model.names, *model.indicators])
    measured = ",\n".join(f"  {_composite(c, names, settings)}" for c in model.constructs)
    arrows = ",\n".join(
        f'  paths(from = "{names[path.source]}", to = "{names[path.target]}")'
        for path in model.paths
    )
    lines = [
        "library(seminr)",
        *(f"# not in seminr: {what}" for what in _absent(settings)),
        *_prepared(model, names),
        f"measurement <- constructs(\n{measured}\n)",
        f"structure <- relationships(\n{arrows}\n)",
        "model <- estimate_pls(",
        "  data = data, measurement_model = measurement, structural_model = structure,",
        f"  inner_weights = {WEIGHTING.get(settings.scheme, 'path_weighting')},",
        f"  missing = {'na.omit' if settings.missing == 'complete' else 'mean_replacement'},"
        " missing_value = NA",
        ")",
        "summary(model)",
    ]
    if resamples:
        lines.append(f"summary(bootstrap_model(model, nboot = {resamples}, seed = {seed}))")
    return "\n".join([*lines, *_renamed(names), ""])


def r_names(names: Iterable[str]) -> dict[str, str]:
    """Return a name that R accepts for each name, all different, by the rule of make.names.

    >>> r_names(["Quality", "2 go", "q-1", "q 1"])
    {'Quality': 'Quality', '2 go': 'X2.go', 'q-1': 'q.1', 'q 1': 'q.1.1'}
    """
    found: dict[str, str] = {}
    for name in names:
        if name not in found:
            own = re.sub(r"[^\w.]", ".", name)
            own = own if re.match(r"[^\W\d_]|\.(?!\d)", own) else f"X{own}"
            taken = set(found.values())
            again = (f"{own}.{i}" for i in range(1, len(found) + 2))
            found[name] = own if own not in taken else next(n for n in again if n not in taken)
    return found


def _measured(construct: Construct, names: dict[str, str]) -> list[str]:
    own, items = names[construct.name], [names[item] for item in construct.indicators]
    if len(items) == 1:
        return [f"{own} =~ 1*{items[0]}", f"{items[0]} ~~ 0*{items[0]}"]
    sign = "<~" if construct.mode == "B" else "=~"
    return [f"{own} {sign} {' + '.join(items)}"]


def _composite(construct: Construct, names: dict[str, str], settings: Settings) -> str:
    own, items = names[construct.name], [f'"{names[item]}"' for item in construct.indicators]
    if len(items) == 1:
        return f'composite("{own}", single_item({items[0]}))'
    listed = f"c({', '.join(items)})"
    if construct.mode == "B":
        return f'composite("{own}", {listed}, weights = mode_B)'
    if settings.consistent:
        return f'reflective("{own}", {listed})'
    return f'composite("{own}", {listed}, weights = mode_A)'


def _absent(settings: Settings) -> Iterator[str]:
    if settings.scheme == "centroid":
        yield "the centroid scheme"
    if settings.metric == "raw":
        yield "the raw metric"
    if settings.ordinal:
        yield "polychoric correlations"
    if settings.missing in ("pairwise", "imputation"):
        yield f"missing answers by {settings.missing}"


def _prepared(model: Model, names: dict[str, str]) -> Iterator[str]:
    """Yield the lines that blank missing codes, and turn items as the product does."""
    yield 'data <- read.csv("data.csv")'
    if model.missing_codes:
        codes = ", ".join(f"{code:g}" for code in model.missing_codes)
        yield f"data[sapply(data, function(x) x %in% c({codes}))] <- NA"
    for item in sorted(model.reversed_items):
        scale = model.scale_of(item)
        if scale is not None:
            ends = scale.minimum + scale.maximum
            yield f"data${names[item]} <- {ends:g} - data${names[item]}"


def _renamed(names: dict[str, str]) -> list[str]:
    return [f"# {new} is '{old}'" for old, new in names.items() if new != old]

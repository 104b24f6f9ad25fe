"""PURE. A comparison and a segmentation in a few lines of words, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.compare.segments import CONCLUSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.compare.results import Comparison, Pair
    from analysis.compare.segments import Segmentation
    from analysis.model.parameters import Parameter

SHOWN = ("path", "index")
ALPHA = 0.05

MICOM_WORDS = {
    "none": "no measurement invariance: the composites differ",
    "partial": "partial measurement invariance: standardised paths may be compared",
    "full": "full measurement invariance: the groups may also be pooled",
}


def comparison_words(found: Comparison) -> Iterator[str]:
    """Yield the omnibus test, then for each pair invariance and the differences that stand."""
    groups = found.groups
    sizes = (f"{name} {n}" for name, n in zip(groups.names, groups.sizes, strict=True))
    yield f"Groups: {', '.join(sizes)}."
    if found.omnibus is not None:
        yield f"Any difference (squared Euclidean distance): p = {found.omnibus.euclidean_p:.3f}."
    for pair in found.pairs:
        first, second = groups.names[pair.first], groups.names[pair.second]
        yield f"{second} minus {first}:"
        if pair.verdict:
            yield f"  {MICOM_WORDS[pair.verdict]}."
        for row, label in enumerate(found.labels):
            if label.kind in SHOWN:
                yield f"  {_named(label)}: {_difference(found, pair, row)}"


def _named(label: Parameter) -> str:
    return f"{label.of} -> {label.name}" if label.of else f"index of {label.name}"


def _difference(found: Comparison, pair: Pair, row: int) -> str:
    digits = 1 if found.labels[row].kind == "index" else 3
    text = f"{pair.difference[row]:+.{digits}f}"
    if pair.low is not None and pair.high is not None:
        text += f" (95 % {pair.low[row]:.{digits}f} to {pair.high[row]:.{digits}f})"
    method = next((name for name in pair.adjusted), "")
    if method:
        p = pair.adjusted[method][row]
        mark = " *" if p < ALPHA else ""
        text += f", {method} p = {pair.p[method][row]:.3f}, {found.correction} {p:.3f}{mark}"
    return text


def segmentation_words(found: Segmentation) -> Iterator[str]:
    """Yield the criteria of every number of segments and the conclusion."""
    for own in found.solutions:
        shares = ", ".join(f"{100 * share:.0f} %" for share in own.mixture.shares)
        values = own.criteria
        entropy = "" if values.entropy is None else f", EN {values.entropy:.2f}"
        S = own.mixture.segments
        yield (
            f"{S} {'segment' if S == 1 else 'segments'} ({shares}): AIC3 {values.aic3:.1f}, "
            f"BIC {values.bic:.1f}, CAIC {values.caic:.1f}{entropy}"
        )
    yield CONCLUSIONS[found.conclusion]

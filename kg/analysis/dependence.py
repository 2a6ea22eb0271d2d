"""Dependence on others and its risk: supply risk, dependency indicators, neck technologies, circularity."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.analysis.concentration import Bounds, herfindahl, known_shares
from kg.errors import ShareError

__all__ = [
    "foreign_dependence",
    "foreign_dependency_indicators",
    "governance_weighted_herfindahl",
    "is_critical",
    "is_dependent",
    "material_circularity",
    "neck_score",
    "supply_risk",
]

Array: TypeAlias = NDArray[np.float64]


def foreign_dependence(domestic_share: float) -> float:
    """Part of a need that is met from abroad.

    1 - domestic share.

    Args:
        domestic_share: 0-1; NaN: unknown.

    Returns:
        0-1; NaN where unknown.

    Raises:
        ShareError: the share is outside 0-1.

    Source:
        Elementary; used as a factor of the score of neck technologies after Gao (2022), section 3.
    """
    if domestic_share < 0 or domestic_share > 1:
        raise ShareError("the domestic share lies outside 0-1", hint="Give shares as parts of 1, not in per cent.")
    return 1.0 - domestic_share


def foreign_dependency_indicators(
    extra_import_shares: ArrayLike, extra_imports: float, total_imports: float, exports: float
) -> tuple[Bounds, float, float]:
    """The three core dependency indicators of the European Commission.

    CDI1 = HHI of the shares of extra-regional imports by origin; CDI2 = extra-regional / total imports;
    CDI3 = extra-regional imports / total exports.

    Args:
        extra_import_shares: share of each origin in the imports from outside, 0-1, shape (n,); NaN: unknown.
        extra_imports: imports from outside the region, in one currency and period, 0 or more; NaN: unknown.
        total_imports: all imports, those among the region's members too; same unit.
        exports: the region's exports; same unit.

    Returns:
        (CDI1 as bounds 0-1, CDI2 0-1, CDI3 0 or more); NaN where a number is unknown, or the denominator is 0.

    Raises:
        ShareError: as for `herfindahl`, or a value is below 0.

    Source:
        European Commission (2021), Strategic dependencies and capacities, SWD(2021) 352, annex; Arjona, Connell &
        Herghelegiu (2023), An enhanced methodology to monitor the EU's strategic dependencies.
    """
    for value in (extra_imports, total_imports, exports):
        if value < 0:
            raise ShareError("a value of trade is negative", hint="Give imports and exports as positive values.")
    second = extra_imports / total_imports if total_imports > 0 else float("nan")
    third = extra_imports / exports if exports > 0 else float("nan")
    return herfindahl(extra_import_shares), second, third


def is_dependent(concentration: Bounds, extra_part: float, imports_to_exports: float) -> bool | None:
    """Whether a region depends on outsiders for a product: all three core dependency indicators are exceeded.

    CDI1 > 0.4 and CDI2 > 0.5 and CDI3 > 1.

    Args:
        concentration: CDI1, 0-1.
        extra_part: CDI2, 0-1; NaN: unknown.
        imports_to_exports: CDI3, 0 or more; NaN: unknown.

    Returns:
        True or False; None where the known numbers leave it open.

    Raises:
        Nothing.

    Source:
        European Commission (2021), SWD(2021) 352, annex.
    """
    verdicts: list[bool | None] = [
        None if np.isnan(concentration.lower) else _above(concentration, 0.4),
        None if np.isnan(extra_part) else extra_part > 0.5,
        None if np.isnan(imports_to_exports) else imports_to_exports > 1.0,
    ]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _above(value: Bounds, threshold: float) -> bool | None:
    if value.lower > threshold:
        return True
    return None if value.upper > threshold else False


def governance_weighted_herfindahl(shares: ArrayLike, governance: ArrayLike, trade: ArrayLike | float = 1.0) -> float:
    """Concentration of supplying countries, weighted by how badly each is governed and by barriers to trade.

    HHI_WGI = sum_c s_c^2 WGI_c t_c.

    Args:
        shares: each country's share of supply, 0-1, shape (n,).
        governance: World Governance Indicator of each country, turned so that 0 is best and 10 worst, shape (n,).
        trade: factor of each country for export restrictions (above 1) or agreements (below 1); 1: neither.

    Returns:
        0-10 (times t); NaN where a share, an indicator or a factor is unknown.

    Raises:
        ShareError: as for `herfindahl`.

    Source:
        Blengini et al. (2017), Methodology for establishing the EU list of critical raw materials, European
        Commission, ISBN 978-92-79-68051-9.
    """
    known_shares(shares)
    values = np.asarray(shares, dtype=np.float64)
    if values.size == 0:
        return float("nan")
    return float(np.sum(values * values * np.asarray(governance, np.float64) * np.asarray(trade, np.float64)))


def supply_risk(
    global_concentration: float, own_concentration: float, import_reliance: float, recycling: float, substitution: float
) -> float:
    """Supply risk of a raw material.

    SR = [HHI_GS IR/2 + HHI_EU (1 - IR/2)] (1 - EoL_RIR) SI.

    Args:
        global_concentration: HHI_WGI of world supply, 0-10.
        own_concentration: HHI_WGI of the actual sourcing of the region, 0-10.
        import_reliance: IR = net imports / apparent consumption, 0-1.
        recycling: EoL_RIR, part of the demand met from recycled end-of-life products, 0-1.
        substitution: SI, index of substitutability, 0-1; 1: nothing can take the material's place.

    Returns:
        SR, 0-10; critical from 1 (`is_critical`); NaN where an argument is.

    Raises:
        ShareError: IR, EoL_RIR or SI is outside 0-1.

    Source:
        Blengini et al. (2017), Methodology for establishing the EU list of critical raw materials, European
        Commission, ISBN 978-92-79-68051-9.
    """
    for name, value in (("import reliance", import_reliance), ("recycling", recycling), ("substitution", substitution)):
        if value < 0 or value > 1:
            raise ShareError(f"{name} lies outside 0-1", hint="Give it as a part of 1, not in per cent.")
    mixed = global_concentration * import_reliance / 2 + own_concentration * (1 - import_reliance / 2)
    return mixed * (1 - recycling) * substitution


def is_critical(risk: float, importance: float, risk_from: float = 1.0, importance_from: float = 2.8) -> bool | None:
    """Whether a raw material is critical: both supply risk and economic importance reach their thresholds.

    SR >= 1 and EI >= 2.8.

    Args:
        risk: supply risk, 0-10; NaN: unknown.
        importance: economic importance, 0-10; NaN: unknown.
        risk_from: threshold of the risk.
        importance_from: threshold of the importance.

    Returns:
        True or False; None where an unknown number leaves it open.

    Raises:
        Nothing.

    Source:
        European Commission (2017), COM(2017) 490; thresholds kept in the lists of 2020 and 2023.
    """
    if risk < risk_from or importance < importance_from:
        return False
    return None if np.isnan(risk) or np.isnan(importance) else True


def neck_score(factors: ArrayLike, weights: ArrayLike = (1.0, 1.0, 1.0, 1.0)) -> Array:
    """Score of neck technologies: how much one holder abroad has a chain by the neck.

    prod_k f_k^w_k over concentration, foreign dependence, downstream reach and 1 - substitutability; the weights 1
    give the plain product, 0 leaves a factor out.

    Args:
        factors: shape (n, 4) or (4,), each 0-1; NaN: unknown.
        weights: exponents, shape (4,), 0 or more.

    Returns:
        0-1, shape (n,) or (); NaN where a factor with a weight is unknown.

    Raises:
        ShareError: a factor is outside 0-1, or a weight is negative.

    Source:
        This project, after the factors that Gao (2022), section 3, names; weighted product: Triantaphyllou (2000),
        Multi-criteria Decision Making Methods.
    """
    f = np.asarray(factors, dtype=np.float64)
    w = np.asarray(weights, dtype=np.float64)
    if (f < 0).any() or (f > 1).any() or (w < 0).any():
        raise ShareError("a factor lies outside 0-1, or a weight is negative")
    # 0 for a weight of 0 means "not asked", also where the factor is unknown.
    return np.asarray(np.prod(np.where(w == 0, 1.0, f**w), axis=-1))


def material_circularity(
    mass: float,
    recycled_feed: float,
    reused_feed: float,
    to_recycling: float,
    to_reuse: float,
    recycling_efficiency: float,
    feed_efficiency: float,
    utility: float,
) -> tuple[float, float, float]:
    """Material Circularity Indicator of a product, with its unrecoverable waste and linear flow index.

    V = M (1 - F_R - F_U);  W = W_0 + (W_F + W_C) / 2 with W_0 = M (1 - C_R - C_U), W_C = M (1 - E_C) C_R,
    W_F = M (1 - E_F) F_R / E_F;  LFI = (V + W) / (2 M + (W_F - W_C) / 2);  MCI = max(0, 1 - 0.9 LFI / X).

    Args:
        mass: M, of the product, any unit of mass, above 0.
        recycled_feed: F_R, part of the feedstock from recycling, 0-1.
        reused_feed: F_U, part of the feedstock from reuse, 0-1.
        to_recycling: C_R, part collected for recycling after use, 0-1.
        to_reuse: C_U, part going to reuse, 0-1.
        recycling_efficiency: E_C, of recycling after use, 0-1.
        feed_efficiency: E_F, of the recycling that made the feedstock, above 0, to 1.
        utility: X = lifetime and use against the industry's average, above 0.

    Returns:
        (W in the unit of the mass, LFI 0-1, MCI 0-1 with 1 fully circular); NaN where an argument is.

    Raises:
        ShareError: an argument is outside its range.

    Source:
        Ellen MacArthur Foundation & Granta Design (2015), Circularity Indicators: An Approach to Measuring
        Circularity, Methodology.
    """
    parts = (recycled_feed, reused_feed, to_recycling, to_reuse, recycling_efficiency, feed_efficiency)
    if any(part < 0 or part > 1 for part in parts) or mass <= 0 or utility <= 0 or feed_efficiency == 0:
        raise ShareError("a part lies outside 0-1, or mass, utility or efficiency is not above 0")
    if recycled_feed + reused_feed > 1 + 1e-12 or to_recycling + to_reuse > 1 + 1e-12:
        raise ShareError("recycled and reused parts sum to more than 1")
    virgin = mass * (1 - recycled_feed - reused_feed)
    collecting = mass * (1 - recycling_efficiency) * to_recycling
    feeding = mass * (1 - feed_efficiency) * recycled_feed / feed_efficiency
    waste = mass * (1 - to_recycling - to_reuse) + (feeding + collecting) / 2
    linear = (virgin + waste) / (2 * mass + (feeding - collecting) / 2)
    # max() would make 0 of an unknown number.
    return waste, linear, float(np.maximum(0.0, 1 - 0.9 / utility * linear))

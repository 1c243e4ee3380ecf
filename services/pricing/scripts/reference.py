"""The reference for exact conversion: Python's decimal module (IEEE 754 decimal128 arithmetic, half to even).

Reads cases as JSON lines on standard input, {"amount", "base", "quote", "currency"}, and writes {"amount", "unrounded"} for each:
amount x quote / base, rounded at the currency's minor unit and to 34 significant digits, each in one step.
"""

import json
import sys
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

PLACES = {"JPY": 0, "ISK": 0, "KWD": 3, "BHD": 3, "CLF": 4}
decimal128 = Context(prec=34, rounding=ROUND_HALF_EVEN)
exact = Context(prec=1000)

for line in sys.stdin:
    case = json.loads(line)
    product = exact.multiply(Decimal(case["amount"]), Decimal(case["quote"]))
    places = PLACES.get(case["currency"], 2)
    # Python rounds a fraction half to even, and exactly.
    units = round(Fraction(product) / Fraction(case["base"]) * 10**places)
    rounded = exact.scaleb(Decimal(units), -places)
    unrounded = format(decimal128.divide(product, Decimal(case["base"])), "f")
    if "." in unrounded:
        unrounded = unrounded.rstrip("0").rstrip(".")
    print(json.dumps({"amount": format(rounded, "f"), "unrounded": unrounded}))

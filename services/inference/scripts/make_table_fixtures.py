"""Makes the fixtures of test/service/tables: pickled models of tables with texts and missing values, and what scikit-learn says of some rows.

usage: python scripts/make_table_fixtures.py test/service/tables   (scikit-learn 1.6 or later with pandas)
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
random = np.random.RandomState(3)
rows = 120
table = pd.DataFrame(
    {
        "price": np.where(random.rand(rows) < 0.2, np.nan, np.round(random.uniform(5, 90, rows), 1)),
        "grape": random.choice(["", "Malbec", "Syrah"], rows).astype(object),
        "colour": random.choice(["red", "white", None], rows).astype(object),
        "stars": random.choice([1, 2, 3], rows),
        "note": ["bottle %d" % row for row in range(rows)],
    }
)
good = ((table.price.fillna(30) > 40) | (table.grape == "")).astype(int).to_numpy()


def prepare(texts, numbers=("price",), unknown="ignore"):
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), list(numbers)),
            ("texts", OneHotEncoder(handle_unknown=unknown), list(texts)),
        ]
    )


def classifier(*steps):
    return make_pipeline(*steps, LogisticRegression())


cases = {
    "empty-text": (classifier(prepare(["grape"])), table),
    "none-is-a-category": (classifier(prepare(["colour"])), table),
    "strict": (classifier(prepare(["grape"], unknown="error")), table),
    "texts-and-numbers": (
        classifier(
            ColumnTransformer(
                [("all", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), ["grape", "stars"])]
            )
        ),
        table,
    ),
    "ordinal": (
        make_pipeline(
            ColumnTransformer(
                [("texts", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["grape"])],
                remainder="drop",
            ),
            HistGradientBoostingClassifier(max_iter=5),
        ),
        table,
    ),
    "holes": (HistGradientBoostingClassifier(max_iter=5), table[["price", "stars"]]),
    "boosted": (GradientBoostingClassifier(n_estimators=5), table[["stars"]]),
    "two-targets": (LinearRegression(), table[["stars"]]),
}
asked = pd.DataFrame(
    {
        "price": [10, np.nan, 80, 41],
        "grape": ["", "Malbec", "Syrah", ""],
        "colour": [None, "red", "white", None],
        "stars": [1, 2, 3, 1],
        "note": [None] * 4,
    }
).astype({"grape": object, "colour": object})

expected = {}
for name, (model, data) in cases.items():
    target = np.c_[table.stars * 10, -table.stars] if name == "two-targets" else good
    model.fit(data, target)
    (out / f"{name}.pkl").write_bytes(pickle.dumps(model, protocol=4))
    some = asked[list(data.columns)]
    expected[name] = {
        "rows": json.loads(some.to_json(orient="records")),
        "prediction": model.predict(some).tolist(),
        "probabilities": model.predict_proba(some).tolist() if hasattr(model, "predict_proba") else None,
    }
(out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

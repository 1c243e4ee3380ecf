"""Makes the fixtures of test/service/tables: pickled models of tables with texts and missing values, and what scikit-learn says of some rows.

usage: python scripts/make_table_fixtures.py test/service/tables   (scikit-learn 1.6 or later with pandas)
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, RidgeClassifier
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    StandardScaler,
)
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

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

flowers = load_iris(as_frame=True)
some_flowers = flowers.data.iloc[::4]
kinds = flowers.target.iloc[::4].to_numpy()
unlike = pd.DataFrame([[0.0] * 4, [9.0, 1.0, 7.0, 3.0]], columns=some_flowers.columns)
asked_flowers = pd.concat([flowers.data.iloc[[1, 55, 77, 101, 133]], unlike])
logistic, trees = LogisticRegression(max_iter=300), RandomForestClassifier(3, max_depth=3, random_state=0)
both = np.c_[kinds > 0, kinds > 1].astype(int)
two = (kinds == 1).astype(int)
lengths = some_flowers.iloc[:, 2].to_numpy() + 1
models = {
    "voting-soft": (VotingClassifier([("a", logistic), ("b", trees)], voting="soft", weights=[1, 2]), kinds),
    "voting-hard": (VotingClassifier([("a", logistic), ("b", trees), ("c", GaussianNB())]), kinds),
    "voting-regressor": (VotingRegressor([("a", LinearRegression()), ("b", RandomForestRegressor(2, max_depth=2, random_state=0))]), lengths),
    "bagging": (BaggingClassifier(DecisionTreeClassifier(max_depth=2), 3, max_features=2, random_state=0), kinds),
    "stacking": (StackingClassifier([("a", trees), ("b", LinearSVC())], final_estimator=logistic), kinds),
    "ada-boost": (AdaBoostClassifier(n_estimators=4, random_state=0), kinds),
    "ada-boost-two": (AdaBoostClassifier(n_estimators=4, random_state=0), two),
    "ada-boost-regressor": (AdaBoostRegressor(n_estimators=4, random_state=0), lengths),
    "calibrated": (CalibratedClassifierCV(LinearSVC(), cv=2), kinds),
    "calibrated-isotonic": (CalibratedClassifierCV(trees, cv=2, method="isotonic"), two),
    "one-versus-rest": (OneVsRestClassifier(logistic), kinds),
    "one-versus-one": (OneVsOneClassifier(LinearSVC()), kinds),
    "threshold": (FixedThresholdClassifier(logistic, threshold=0.7, response_method="predict_proba"), two),
    "eliminated": (RFE(logistic, n_features_to_select=2), kinds),
    "best": (make_pipeline(SelectKBest(k=2), logistic), kinds),
    "from-model": (make_pipeline(SelectFromModel(trees), logistic), kinds),
    "varied": (make_pipeline(VarianceThreshold(0.2), logistic), kinds),
    "means": (KMeans(3, n_init=1, random_state=0), kinds),
    "centroid": (NearestCentroid(), kinds),
    "mixture": (GaussianMixture(2, random_state=0), kinds),
    "quadratic": (QuadraticDiscriminantAnalysis(), kinds),
    "multinomial": (MultinomialNB(), kinds),
    "complement": (ComplementNB(), kinds),
    "bernoulli": (BernoulliNB(binarize=2), kinds),
    "categorical": (make_pipeline(KBinsDiscretizer(3, encode="ordinal"), CategoricalNB()), kinds),
    "bins": (make_pipeline(KBinsDiscretizer(3), logistic), kinds),
    "powers": (make_pipeline(PowerTransformer(), logistic), kinds),
    "logarithms": (make_pipeline(FunctionTransformer(np.log1p), logistic), kinds),
    "dummy": (DummyClassifier(), kinds),
    "poisson": (PoissonRegressor(), lengths),
    "target-logarithm": (TransformedTargetRegressor(LinearRegression(), func=np.log1p, inverse_func=np.expm1), lengths),
    "target-scaled": (TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler()), lengths),
    "several-values": (MultiOutputRegressor(LinearRegression()), np.c_[lengths, -lengths]),
    "several-classes": (MultiOutputClassifier(logistic), np.c_[kinds, two]),
    "forest-labels": (trees, both),
    "ridge-labels": (RidgeClassifier(), both),
    "network-labels": (MLPClassifier((4,), max_iter=50, random_state=0), both),
}
for name, (model, target) in models.items():
    cases[name] = (model, some_flowers, target, asked_flowers)


class Bundle:
    """A scaler and a model that were saved side by side."""

    def fit(self, data, target):
        self.scaler = StandardScaler().fit(data)
        self.model = LogisticRegression().fit(self.scaler.transform(data), target)

    def predict(self, data):
        return self.model.predict(self.scaler.transform(data))

    def predict_proba(self, data):
        return self.model.predict_proba(self.scaler.transform(data))

    def saved(self):
        return {"model": self.model, "scaler": self.scaler, "columns": list(self.scaler.feature_names_in_)}


cases["bundle"] = (Bundle(), some_flowers, kinds, asked_flowers)

expected = {}
for name, (model, data, *more) in cases.items():
    target = more[0] if more else np.c_[table.stars * 10, -table.stars] if name == "two-targets" else good
    model.fit(data, target)
    saved = model.saved() if hasattr(model, "saved") else model
    (out / f"{name}.pkl").write_bytes(pickle.dumps(saved, protocol=4))
    some = more[1] if more else asked[list(data.columns)]
    # NearestCentroid has probabilities since 1.6, which are not converted.
    shares = model.predict_proba(some) if hasattr(model, "predict_proba") and name != "centroid" else None
    expected[name] = {
        "rows": json.loads(some.to_json(orient="records", double_precision=15)),
        "prediction": model.predict(some).tolist(),
        "probabilities": None if shares is None or isinstance(shares, list) or np.ndim(target) > 1 else shares.tolist(),
    }
(out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

import { gradientBoostingClassifier, gradientBoostingRegressor } from './boosting.ts';
import {
  columnTransformer,
  featureUnion,
  functionTransformer,
  pipelinePredictor,
  pipelineTransformer,
  searchPredictor,
} from './composition.ts';
import type { Predictor, Transformer } from './context.ts';
import { labelEncoder, oneHotEncoder, ordinalEncoder } from './encoders.ts';
import { histogramBoostingClassifier, histogramBoostingRegressor } from './histogram-boosting.ts';
import { simpleImputer } from './imputer.ts';
import {
  linearClassifier,
  linearDiscriminant,
  linearRegressor,
  logisticRegression,
  stochasticClassifier,
} from './linear.ts';
import { gaussianNaiveBayes } from './naive-bayes.ts';
import { neighborsClassifier, neighborsRegressor } from './neighbors.ts';
import { multilayerClassifier, multilayerRegressor } from './neural-network.ts';
import { polynomialFeatures } from './polynomial.ts';
import { projection } from './projection.ts';
import { maxAbsScaler, minMaxScaler, normalizer, robustScaler, standardScaler } from './scalers.ts';
import { supportVectorClassifier, supportVectorRegressor } from './support-vectors.ts';
import { treeClassifier, treeRegressor } from './trees.ts';

/** Converters of estimators that predict, by class. */
export const predictors: ReadonlyMap<string, Predictor> = new Map<string, Predictor>([
  ['LogisticRegression', logisticRegression],
  ['LogisticRegressionCV', logisticRegression],
  ['LinearSVC', linearClassifier],
  ['RidgeClassifier', linearClassifier],
  ['RidgeClassifierCV', linearClassifier],
  ['Perceptron', linearClassifier],
  ['PassiveAggressiveClassifier', linearClassifier],
  ['SGDClassifier', stochasticClassifier],
  ['LinearDiscriminantAnalysis', linearDiscriminant],
  ['LDA', linearDiscriminant],
  ['LinearRegression', linearRegressor],
  ['Ridge', linearRegressor],
  ['RidgeCV', linearRegressor],
  ['Lasso', linearRegressor],
  ['LassoCV', linearRegressor],
  ['ElasticNet', linearRegressor],
  ['ElasticNetCV', linearRegressor],
  ['HuberRegressor', linearRegressor],
  ['BayesianRidge', linearRegressor],
  ['SGDRegressor', linearRegressor],
  ['PassiveAggressiveRegressor', linearRegressor],
  ['LinearSVR', linearRegressor],
  ['SVC', supportVectorClassifier],
  ['NuSVC', supportVectorClassifier],
  ['SVR', supportVectorRegressor],
  ['NuSVR', supportVectorRegressor],
  ['DecisionTreeClassifier', treeClassifier],
  ['ExtraTreeClassifier', treeClassifier],
  ['RandomForestClassifier', treeClassifier],
  ['ExtraTreesClassifier', treeClassifier],
  ['DecisionTreeRegressor', treeRegressor],
  ['ExtraTreeRegressor', treeRegressor],
  ['RandomForestRegressor', treeRegressor],
  ['ExtraTreesRegressor', treeRegressor],
  ['GradientBoostingClassifier', gradientBoostingClassifier],
  ['GradientBoostingRegressor', gradientBoostingRegressor],
  ['HistGradientBoostingClassifier', histogramBoostingClassifier],
  ['HistGradientBoostingRegressor', histogramBoostingRegressor],
  ['KNeighborsClassifier', neighborsClassifier],
  ['KNeighborsRegressor', neighborsRegressor],
  ['GaussianNB', gaussianNaiveBayes],
  ['MLPClassifier', multilayerClassifier],
  ['MLPRegressor', multilayerRegressor],
  ['Pipeline', pipelinePredictor],
  ['GridSearchCV', searchPredictor],
  ['RandomizedSearchCV', searchPredictor],
  ['HalvingGridSearchCV', searchPredictor],
  ['HalvingRandomSearchCV', searchPredictor],
]);

/** Converters of estimators that make columns of columns, by class. */
export const transformers: ReadonlyMap<string, Transformer> = new Map<string, Transformer>([
  ['StandardScaler', standardScaler],
  ['MinMaxScaler', minMaxScaler],
  ['MaxAbsScaler', maxAbsScaler],
  ['RobustScaler', robustScaler],
  ['Normalizer', normalizer],
  ['PolynomialFeatures', polynomialFeatures],
  ['SimpleImputer', simpleImputer],
  ['Imputer', simpleImputer],
  ['OneHotEncoder', oneHotEncoder],
  ['OrdinalEncoder', ordinalEncoder],
  ['LabelEncoder', labelEncoder],
  ['PCA', projection],
  ['TruncatedSVD', projection],
  ['ColumnTransformer', columnTransformer],
  ['FeatureUnion', featureUnion],
  ['FunctionTransformer', functionTransformer],
  ['Pipeline', pipelineTransformer],
]);

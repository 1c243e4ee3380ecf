import { adaBoostClassifier, adaBoostRegressor } from './ada-boost.ts';
import { gradientBoostingClassifier, gradientBoostingRegressor } from './boosting.ts';
import { gaussianMixture, kMeans, nearestCentroid, partialLeastSquares, quadraticDiscriminant } from './clusters.ts';
import {
  columnTransformer,
  featureUnion,
  functionTransformer,
  pipelinePredictor,
  pipelineTransformer,
  searchPredictor,
} from './composition.ts';
import { dummyClassifier, dummyRegressor, exponentialRegressor } from './constant-models.ts';
import type { Predictor, Transformer } from './context.ts';
import {
  bernoulliNaiveBayes,
  categoricalNaiveBayes,
  complementNaiveBayes,
  multinomialNaiveBayes,
} from './discrete-naive-bayes.ts';
import { labelEncoder, oneHotEncoder, ordinalEncoder } from './encoders.ts';
import {
  baggingClassifier,
  baggingRegressor,
  stackingClassifier,
  stackingRegressor,
  votingClassifier,
  votingRegressor,
} from './ensembles.ts';
import { transformedTargetRegressor } from './functions.ts';
import { histogramBoostingClassifier, histogramBoostingRegressor } from './histogram-boosting.ts';
import { simpleImputer } from './imputer.ts';
import {
  linearClassifier,
  linearDiscriminant,
  linearRegressor,
  logisticRegression,
  stochasticClassifier,
} from './linear.ts';
import {
  calibratedClassifier,
  multiOutputClassifier,
  multiOutputRegressor,
  oneVersusOneClassifier,
  oneVersusRestClassifier,
  ransacRegressor,
  selectingPredictor,
  thresholdClassifier,
} from './meta.ts';
import { gaussianNaiveBayes } from './naive-bayes.ts';
import { neighborsClassifier, neighborsRegressor } from './neighbors.ts';
import { multilayerClassifier, multilayerRegressor } from './neural-network.ts';
import { polynomialFeatures } from './polynomial.ts';
import { binsDiscretizer, powerTransformer } from './power.ts';
import { projection } from './projection.ts';
import { maxAbsScaler, minMaxScaler, normalizer, robustScaler, standardScaler } from './scalers.ts';
import { bestSelector, modelSelector, percentileSelector, supportSelector, varianceThreshold } from './selection.ts';
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
  ['MultinomialNB', multinomialNaiveBayes],
  ['ComplementNB', complementNaiveBayes],
  ['BernoulliNB', bernoulliNaiveBayes],
  ['CategoricalNB', categoricalNaiveBayes],
  ['QuadraticDiscriminantAnalysis', quadraticDiscriminant],
  ['NearestCentroid', nearestCentroid],
  ['KMeans', kMeans],
  ['MiniBatchKMeans', kMeans],
  ['GaussianMixture', gaussianMixture],
  ['PLSRegression', partialLeastSquares],
  ['DummyClassifier', dummyClassifier],
  ['DummyRegressor', dummyRegressor],
  ['PoissonRegressor', exponentialRegressor],
  ['GammaRegressor', exponentialRegressor],
  ['TweedieRegressor', exponentialRegressor],
  ['QuantileRegressor', linearRegressor],
  ['TheilSenRegressor', linearRegressor],
  ['Lars', linearRegressor],
  ['LassoLars', linearRegressor],
  ['LassoLarsCV', linearRegressor],
  ['LassoLarsIC', linearRegressor],
  ['ARDRegression', linearRegressor],
  ['OrthogonalMatchingPursuit', linearRegressor],
  ['RANSACRegressor', ransacRegressor],
  ['VotingClassifier', votingClassifier],
  ['VotingRegressor', votingRegressor],
  ['BaggingClassifier', baggingClassifier],
  ['BaggingRegressor', baggingRegressor],
  ['StackingClassifier', stackingClassifier],
  ['StackingRegressor', stackingRegressor],
  ['AdaBoostClassifier', adaBoostClassifier],
  ['AdaBoostRegressor', adaBoostRegressor],
  ['OneVsRestClassifier', oneVersusRestClassifier],
  ['OneVsOneClassifier', oneVersusOneClassifier],
  ['CalibratedClassifierCV', calibratedClassifier],
  ['FixedThresholdClassifier', thresholdClassifier],
  ['TunedThresholdClassifierCV', thresholdClassifier],
  ['RFE', selectingPredictor],
  ['RFECV', selectingPredictor],
  ['TransformedTargetRegressor', transformedTargetRegressor],
  ['MultiOutputRegressor', multiOutputRegressor],
  ['MultiOutputClassifier', multiOutputClassifier],
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
  ['PowerTransformer', powerTransformer],
  ['KBinsDiscretizer', binsDiscretizer],
  ['VarianceThreshold', varianceThreshold],
  ['SelectKBest', bestSelector],
  ['SelectPercentile', percentileSelector],
  ['SelectFromModel', modelSelector],
  ['RFE', supportSelector],
  ['RFECV', supportSelector],
  ['Pipeline', pipelineTransformer],
]);

-- Each service has a database of its own and makes it itself; this lets it.
GRANT ALL ON `gateway`.* TO 'vindima'@'%';
GRANT ALL ON `wine`.* TO 'vindima'@'%';
GRANT ALL ON `Pictures`.* TO 'vindima'@'%';
GRANT ALL ON `datasets`.* TO 'vindima'@'%';
GRANT ALL ON `inference`.* TO 'vindima'@'%';
GRANT ALL ON `pricing`.* TO 'vindima'@'%';

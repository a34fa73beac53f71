package Koha::DateUtils;

# Stands in for Koha's: today is the day that a test sets.

use strict;
use warnings;
use parent 'Exporter';

our @EXPORT_OK = ('dt_from_string');
our $today     = '2026-11-20';

sub dt_from_string { return bless {}, __PACKAGE__ }
sub ymd            { return $today }

1;

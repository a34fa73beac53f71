#!/usr/bin/perl

# Sends the waiting loans once. Run it every minute from cron, as the Koha instance's user (see README.md).

use strict;
use warnings;

use Koha::Plugin::Org::Commonplace::ReadingHistory;

my $plugin = Koha::Plugin::Org::Commonplace::ReadingHistory->new( { enable_plugins => 1 } );
my $report = $plugin->send_loans;
if ( $report->{why} ) {
    print {*STDERR} "Commonplace: $report->{sentence}\n";
    exit 1;
}

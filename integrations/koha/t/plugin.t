# The hook as Koha calls it, on stand-ins for Koha's own classes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/..";
use Test::More;
use Thing;
use C4::Context;
use Koha::Plugin::Org::Commonplace::ReadingHistory;

my @statements;
$C4::Context::dbh = Thing->new( do => sub { push @statements, [@_]; return 1 } );

my $plugin   = Koha::Plugin::Org::Commonplace::ReadingHistory->new( {} );
my $checkout = Thing->new(
    issue_id        => 104_233,
    borrowernumber  => 51,
    itemnumber      => 812,
    issuedate       => '2026-11-02 23:58:10',
    date_due        => '2026-11-23 23:59:00',
    lastreneweddate => undef,
);

$plugin->after_circ_action( { action => 'checkout', payload => { checkout => $checkout, type => 'issue' } } );
is( scalar @statements, 1, 'a check-out writes one row and sends nothing' );
my ( $sql, undef, @values ) = @{ $statements[0] };
like( $sql, qr/^INSERT INTO koha_plugin_org_commonplace_readinghistory_loan_events /, 'in the table of the plugin' );
is_deeply( \@values, [ 'checkout', 104_233, 51, 812, '2026-11-02', '2026-11-23', '2026-11-20' ], 'of ids and days' );

my @warnings;
local $SIG{__WARN__} = sub { push @warnings, @_ };
$C4::Context::dbh = Thing->new( do => sub { die "the table of patron 51 is gone\n" } );
ok( eval { $plugin->after_circ_action( { action => 'checkout', payload => { checkout => $checkout } } ); 1 },
    'a queue that fails does not stop a loan' );
is( scalar @warnings, 1, 'it warns once' );
unlike( $warnings[0], qr/51|812|104233/, 'and names neither patron nor loan' );

is( $plugin->setting('patron_id'), 'borrowernumber', 'settings begin with their defaults' );
$plugin->store_data( { patron_id => 'cardnumber', keep_days => q{} } );
is( $plugin->setting('patron_id'), 'cardnumber', 'and are what was stored' );
is( $plugin->setting('keep_days'), 14, 'an emptied one is its default again' );

done_testing;

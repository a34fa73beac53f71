package Koha::Plugin::Org::Commonplace::ReadingHistory;

# Reports check-outs, renewals and returns to Commonplace. The hook only notes ids in a queue; a job sends them.

use strict;
use warnings;
use base qw( Koha::Plugins::Base );

use C4::Context;
use Koha::DateUtils qw( dt_from_string );

use Koha::Plugin::Org::Commonplace::ReadingHistory::Circulation;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Loans;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Queue;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Sender;

our $VERSION = '1.0.0';

our $metadata = {
    name            => 'Commonplace reading history',
    author          => 'Commonplace',
    description     => 'Reports loans to Commonplace, which seals those of patrons who keep a reading history and forgets the others.',
    namespace       => 'commonplace',
    date_authored   => '2026-11-24',
    date_updated    => '2026-11-24',
    minimum_version => '22.11',
    maximum_version => undef,
    version         => $VERSION,
};

my %defaults = (
    address        => q{},
    token          => q{},
    patron_id      => 'borrowernumber',
    attribute      => q{},
    keep_days      => 14,
);

sub new {
    my ( $class, $args ) = @_;
    $args->{metadata} = { %{$metadata}, class => $class };
    return $class->SUPER::new($args);
}

sub install {
    my ($self) = @_;
    $self->queue->create;
    return 1;
}

sub upgrade {
    my ($self) = @_;
    $self->queue->create;
    return 1;
}

sub uninstall {
    my ($self) = @_;
    $self->queue->drop;
    return 1;
}

# Koha calls this inside the circulation transaction: it writes one row, and whatever fails, the loan goes on.
sub after_circ_action {
    my ( $self, $params ) = @_;
    eval {
        my $noted = Koha::Plugin::Org::Commonplace::ReadingHistory::Circulation::note(
            {
                action           => $params->{action},
                checkout         => $params->{payload}{checkout},
                attribute        => $self->setting('attribute'),
                anonymous_patron => C4::Context->preference('AnonymousPatron'),
                today            => dt_from_string()->ymd,
            }
        );
        $self->queue->add($noted) if $noted;
        1;
    } or warn "Commonplace: one loan could not be queued. It went through, and will be missing from a reading history.\n";
    return;
}

# Called once a minute by send-loans.pl, and once a night by Koha's own plugin cron job.
sub send_loans {
    my ($self) = @_;
    my $sender = Koha::Plugin::Org::Commonplace::ReadingHistory::Sender->new(
        {
            address   => $self->setting('address'),
            token     => $self->setting('token'),
            queue     => $self->queue,
            loans     => Koha::Plugin::Org::Commonplace::ReadingHistory::Loans->new( { patron_id => $self->setting('patron_id') } ),
            keep_days => $self->setting('keep_days'),
            today     => dt_from_string()->ymd,
        }
    );
    my $report = $sender->send_all;
    $self->store_data( { last_report => $report->{sentence}, last_day => dt_from_string()->ymd } );
    return $report;
}

sub cronjob_nightly {
    my ($self) = @_;
    $self->send_loans;
    return;
}

sub configure {
    my ($self) = @_;
    my $cgi = $self->{cgi};
    if ( $cgi->param('save') ) {
        my %given = map { $_ => scalar $cgi->param($_) } qw( address patron_id attribute keep_days );
        $given{token} = scalar $cgi->param('token') if $cgi->param('token');
        $self->store_data( \%given );
        return $self->go_home;
    }
    my $template = $self->get_template( { file => 'configure.tt' } );
    $template->param(
        ( map { $_ => $self->setting($_) } qw( address patron_id attribute keep_days ) ),
        has_token   => $self->setting('token') ne q{},
        waiting     => $self->queue->count,
        last_report => $self->retrieve_data('last_report'),
        last_day    => $self->retrieve_data('last_day'),
    );
    return $self->output_html( $template->output );
}

sub setting {
    my ( $self, $name ) = @_;
    my $stored = $self->retrieve_data($name);
    return defined $stored && $stored ne q{} ? $stored : $defaults{$name};
}

sub queue {
    my ($self) = @_;
    return Koha::Plugin::Org::Commonplace::ReadingHistory::Queue->new(
        {
            dbh   => C4::Context->dbh,
            table => $self->get_qualified_table_name('loan_events'),
        }
    );
}

1;
